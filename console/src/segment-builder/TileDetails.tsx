/** What is known of a tile's values: how many have it, since when, and which are usual; pressed they are a condition whole. */
import { useMemo } from 'react';
import { useSpeech } from '../messages/language.tsx';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { useTools } from './builder-context.tsx';
import type { Tile as TileKind } from './new-rows.ts';
import { commonFields, type Details } from './rail-offers.ts';
import { useAdd } from './use-add.ts';
import { type FieldEntry, kindOf, pathOf } from './vocabulary.ts';

export function TileDetails({ details }: { readonly details: Details }) {
  return details.kind === 'field' ? <FieldDetails field={details.field} /> : <EventDetails type={details.type} />;
}

function FieldDetails({ field }: { readonly field: FieldEntry }) {
  const { rail } = useBuilderMessages();
  const { vocabulary } = useTools();
  const { observed, description } = field;
  const name = vocabulary.names.field(pathOf(field), 'profile');
  const tileOf = (value: string | number | boolean): TileKind => ({
    ...{ kind: 'attribute', path: pathOf(field), fieldKind: kindOf(field), scope: 'profile' },
    value,
  });
  return (
    <div className="tile-details">
      {description !== undefined && <p lang="en">{description}</p>}
      {observed !== undefined && <Facts field={field} />}
      {observed?.withheld !== undefined && <p>{rail.withheld[observed.withheld]}</p>}
      {observed?.topValues !== undefined && (
        <ul className="value-list">
          {observed.topValues.map(({ value, share }) => (
            <li key={String(value)}>
              <ValueBar tile={tileOf(value)} name={name} value={titleOfValue(field, value)} share={share} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Facts({ field: { observed, type, format } }: { readonly field: FieldEntry }) {
  const { rail } = useBuilderMessages();
  const { percent, ago, number, dateTime } = useSpeech();
  const now = useMemo(() => Date.now(), []);
  if (observed === undefined) return null;
  const { filled, lastSeen, range, quantiles } = observed;
  const shown = (value: number | string) => (typeof value === 'number' ? number(value) : dateTime(Date.parse(value)));
  const kind = rail.kinds[kindOf({ type, format })];
  return (
    <p>
      {rail.known(kind, percent(filled, 1), ago(Date.parse(lastSeen), now))}
      {range !== undefined && ` ${rail.range(shown(range.min), shown(range.max))}`}
      {quantiles !== undefined && ` ${rail.median(number(quantiles.p50))}`}
    </p>
  );
}

function titleOfValue({ values = [] }: FieldEntry, value: string | number | boolean): string {
  return values.find((known) => known.value === value)?.title ?? String(value);
}

function EventDetails({ type }: { readonly type: string }) {
  const { rail } = useBuilderMessages();
  const { vocabulary } = useTools();
  const fields = useMemo(() => commonFields(vocabulary, type), [vocabulary, type]);
  if (fields.length === 0) return <p className="tile-details">{rail.noCommonFields}</p>;
  return (
    <div className="tile-details">
      {fields.map(({ field, path, values }) => {
        const name = vocabulary.names.field(path, 'event');
        return (
          <div key={field.path}>
            <p className="value-title">{name}</p>
            <ul className="value-list" aria-label={name}>
              {values.map(({ value, share }) => (
                <li key={String(value)}>
                  <ValueBar
                    tile={{ kind: 'event', type, filter: { path, value } }}
                    name={`${vocabulary.names.event(type)}, ${name}`}
                    value={titleOfValue(field, value)}
                    share={share}
                  />
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </div>
  );
}

interface BarProps {
  readonly tile: TileKind;
  readonly name: string;
  readonly value: string;
  readonly share: number;
}

function ValueBar({ tile, name, value, share }: BarProps) {
  const { rail } = useBuilderMessages();
  const { percent } = useSpeech();
  const { readOnly } = useTools();
  const add = useAdd(tile);
  return (
    <button
      type="button"
      className="value-bar"
      disabled={readOnly}
      aria-label={rail.addValue(name, value, percent(share, 0))}
      onClick={add}
    >
      <span className="value-name">{value}</span>
      <span className="value-share">{percent(share, share < 0.1 ? 1 : 0)}</span>
      <span className="value-fill" style={{ width: `${Math.max(1, 100 * share)}%` }} />
    </button>
  );
}
