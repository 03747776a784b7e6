import { adminClient } from "../../shared/database/client.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { analyseCategory } from "../../shared/pricing/read_category.ts";
import { AnalysisPath, answered, CategoryAnalysis } from "./analysis_schema.ts";
import { today } from "./today.ts";

export const analysis = endpoint({
  method: "get",
  path: "/analysis/{category}",
  who: ["staff", "service"],
  tags: ["Category agent"],
  summary: "See what the agent would propose for a category, and why",
  description: "Reads, computes and proposes nothing. A category without products is empty.",
  request: { params: AnalysisPath },
  responses: { 200: json(CategoryAnalysis, "Every active product with its rule trace") },
}, async (c) => {
  const { category } = c.req.valid("param");
  return c.json(answered(await analyseCategory(adminClient(), category, today())), 200);
});
