import {
  createSortedRowModel,
  rowSortingFeature,
  sortFn_basic,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { type ReactNode, useMemo } from "react";

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { basic: sortFn_basic },
});

/** A column: what its rows show, and by what they are put in order. */
export interface Column<Row> {
  name: string;
  show: (row: Row) => ReactNode;
  /** Without it the column orders nothing. */
  by?: (row: Row) => string | number;
  number?: boolean;
  /** Instead of the name. */
  head?: ReactNode;
}

// The roles are named because on a phone, where its rows stack, it is none to the browser any more.
/** A table that a click on a column's name puts in order; a third click leaves it as it came. */
export function SortableTable<Row extends object>({ rows, columns, keyOf, wide = false }: {
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  wide?: boolean;
}) {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const names = columns.map(({ name }) => name).join("|");
  const defined = useMemo(
    () =>
      columns.map(({ name, by }) => ({
        id: name,
        accessorFn: (row: Row) => by?.(row),
        enableSorting: by !== undefined,
        sortFn: "basic" as const,
      })),
    [names],
  );
  const table = useTable({ features, data: rows, columns: defined, getRowId: keyOf });
  return (
    <table role="table" className={wide ? "stacks wide" : "stacks"}>
      <thead role="rowgroup">
        {table.getHeaderGroups().map(({ id, headers }) => (
          <tr key={id} role="row">
            {headers.map(({ column }) => {
              const own = byName.get(column.id);
              const sorted = column.getIsSorted();
              return (
                <th
                  key={column.id}
                  role="columnheader"
                  className={own?.number ? "number" : undefined}
                  aria-sort={sorted ? sorted === "asc" ? "ascending" : "descending" : undefined}
                >
                  {own?.by
                    ? (
                      <button
                        type="button"
                        className="sort"
                        onClick={column.getToggleSortingHandler()}
                      >
                        {column.id}
                        <span aria-hidden>{sorted ? sorted === "asc" ? " ↑" : " ↓" : ""}</span>
                      </button>
                    )
                    : own?.head ?? column.id}
                </th>
              );
            })}
          </tr>
        ))}
      </thead>
      <tbody role="rowgroup">
        {table.getRowModel().rows.map(({ id, original }) => (
          <tr key={id} role="row">
            {columns.map(({ name, number, show }) => (
              <td key={name} role="cell" data-name={name} className={number ? "number" : undefined}>
                <div>{show(original)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
