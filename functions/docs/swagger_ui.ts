import { page } from "./page.ts";

/** To read and to try. */
export const swaggerUi = page("/", "The API in Swagger UI", "index.html");
