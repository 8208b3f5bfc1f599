ALTER TYPE "color" RENAME VALUE 'red' TO 'crimson';

