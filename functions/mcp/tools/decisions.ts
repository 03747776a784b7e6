import { z } from "zod";
import {
  DecisionFilters,
  listDecisions,
  withdrawDecision as withdraw,
} from "../../../shared/agents/decisions.ts";
import { Proposal } from "../../../shared/agents/proposal.ts";
import { proposeDecision as propose } from "../../../shared/agents/propose.ts";
import { reason } from "../../../shared/domain/fields.ts";
import { uuid } from "../../../shared/events/envelope.ts";
import { tool } from "../tool.ts";

export const proposeDecision = tool({
  name: "propose_decision",
  title: "Propose a decision",
  description:
    "Proposes events for people to approve. Name as targets every aggregate they write " +
    "to, at the version you read, and as evidence the events you rest on. Nothing happens until a " +
    "person says yes, unless the agent's policy says otherwise.",
  input: Proposal,
  who: ["agent", "staff", "service"],
  readOnly: false,
}, ({ database, principal }, proposal) => propose(database, principal, proposal));

export const listMyDecisions = tool({
  name: "list_my_decisions",
  title: "List decisions",
  description: "Decisions and what became of them, newest first: an agent's own; staff see all. " +
    "review=waiting: those executed without people that nobody has judged yet.",
  input: z.strictObject({
    ...DecisionFilters.shape,
    limit: z.int().min(1).max(1000).default(100),
  }),
  who: ["agent", "staff", "service"],
  readOnly: true,
}, ({ database, principal }, filters) => listDecisions(database, principal, filters));

export const withdrawDecision = tool({
  name: "withdraw_decision",
  title: "Withdraw a decision",
  description: "Takes back a proposal of yours that nobody has answered yet.",
  input: z.strictObject({ id: uuid, reason }),
  who: ["agent", "staff", "service"],
  readOnly: false,
}, ({ database, principal }, { id, reason }) => withdraw(database, principal, id, reason));
