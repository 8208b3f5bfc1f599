ALTER TYPE "color" ADD VALUE 'blue' AFTER 'red';

