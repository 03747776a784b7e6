import { createApp } from "../../shared/http/app.ts";
import { getAsset } from "./get_asset.ts";
import { getDocument } from "./get_document.ts";
import { redoc } from "./redoc.ts";
import { swaggerUi } from "./swagger_ui.ts";

/** The `docs` function: the API of the whole platform, to read and to try. */
export const app = createApp("docs", [swaggerUi, redoc, getDocument, getAsset]);
