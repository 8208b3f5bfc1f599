CREATE INDEX "ix_rich" ON "account" ("balance" DESC) WHERE balance > 1000;

