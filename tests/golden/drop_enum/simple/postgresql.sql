DROP TYPE "color";

