import { assetEndpoint } from "../../shared/http/asset_endpoint.ts";
import { site } from "./built/site.ts";

export const getAsset = assetEndpoint(site, "A script or style sheet of the pages");
