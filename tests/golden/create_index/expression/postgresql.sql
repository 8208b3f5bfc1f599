CREATE UNIQUE INDEX "ix_email" ON "account" ((lower(email)), "id");

