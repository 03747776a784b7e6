import { createApp } from "../../shared/http/app.ts";
import { getAsset } from "./get_asset.ts";
import { getConfig } from "./get_config.ts";
import { namedPage, page } from "./page.ts";

/** The `portal` function: the staff portal, one page that talks to the API as whoever signs in. */
export const app = createApp("portal", [page, namedPage, getConfig, getAsset]);
