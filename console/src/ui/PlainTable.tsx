/** A table to be read. On a narrow page each row becomes a block whose cells name their column. */
import type { ReactNode } from 'react';

export interface ColumnOf {
  readonly id: string;
  readonly name: string;
  readonly numeric?: boolean;
}

export interface RowOf {
  readonly key: string;
  /** In the order of the columns; the first names the row. */
  readonly cells: readonly ReactNode[];
}

interface Props {
  readonly label: string;
  readonly columns: readonly ColumnOf[];
  readonly rows: readonly RowOf[];
}

export function PlainTable({ label, columns, rows }: Props) {
  return (
    <table className="plain-table">
      <caption className="visually-hidden">{label}</caption>
      <thead>
        <tr>
          {columns.map(({ id, name, numeric }) => (
            <th key={id} scope="col" className={numeric ? 'numeric' : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells }) => (
          <tr key={key}>
            {columns.map(({ id, name, numeric }, index) => {
              const Cell = index === 0 ? 'th' : 'td';
              return (
                <Cell
                  key={id}
                  {...(index === 0 ? { scope: 'row' } : {})}
                  data-column={name}
                  className={numeric ? 'numeric' : undefined}
                >
                  {cells[index]}
                </Cell>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
