ALTER TYPE "account_state" RENAME VALUE 'new' TO 'fresh';

