ALTER INDEX "ix_account_note" RENAME TO "ix_notes";

