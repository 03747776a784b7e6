import { page } from "./page.ts";

/** To read. */
export const redoc = page("/redoc", "The API in ReDoc", "redoc/index.html");
