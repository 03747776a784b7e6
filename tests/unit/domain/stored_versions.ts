/**
 * Data as it was stored under older schema versions, with what it means today. Append only: the
 * log keeps such events for ever.
 */
export const storedVersions: readonly {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly today: Readonly<Record<string, unknown>>;
}[] = [
  {
    type: "dealer.approved",
    schemaVersion: 1,
    data: { tier: "silver", discount: 0.075, credit_limit: 250000 },
    today: { tier: "silver", discount_percent: 7.5, credit_limit: 250000 },
  },
  {
    type: "dealer.approved",
    schemaVersion: 1,
    data: { tier: "bronze" },
    today: { tier: "bronze" },
  },
];
