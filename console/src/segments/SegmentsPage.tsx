/** The list of segments: what there is, found by name or by rule, and switched on or off by several at once. */
import './segments.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useApi } from '../app/surroundings.tsx';
import { usePageTitle } from '../app/use-page-title.ts';
import { useMessages, useSpeech } from '../messages/language.tsx';
import { ButtonLink } from '../ui/ButtonLink.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { keepColumns, readColumns } from './columns.ts';
import { EmptyList } from './EmptyList.tsx';
import { findSegments, type Segment } from './find-segments.ts';
import { ListFilters } from './ListFilters.tsx';
import type { ListSearch } from './list-search.ts';
import { Pager } from './Pager.tsx';
import { SegmentsTable } from './SegmentsTable.tsx';
import { SEGMENTS_KEY } from './segments-key.ts';
import { useListKeys } from './use-list-keys.ts';
import { useProblems } from './use-problems.ts';

const SelectionBar = lazy(async () => ({ default: (await import('./SelectionBar.tsx')).SelectionBar }));

/** Drawn within a tenth of a second. */
const PAGE_SIZE = 25;
const TYPING_PAUSE_MS = 150;
const NONE: readonly Segment[] = [];

export function SegmentsPage() {
  const { list } = useMessages();
  usePageTitle(list.title);
  const api = useApi();
  const queries = useQueryClient();
  const loaded = useQuery({ queryKey: SEGMENTS_KEY, queryFn: ({ signal }) => api.listSegments(signal) });
  const segments = loaded.data ?? NONE;
  return (
    <div className="page segments-page">
      <div className="page-head">
        <h1>{list.title}</h1>
        {segments.length > 0 && <ListSearchBox />}
        <ButtonLink to="/segments/new" label={list.create} icon="plus" look="primary" />
      </div>
      {loaded.isError && <FailureNotice error={loaded.error} onRetry={() => void loaded.refetch()} />}
      {loaded.isPending && <ListSkeleton />}
      {loaded.isSuccess && segments.length === 0 && <EmptyList />}
      {segments.length > 0 && (
        <FoundSegments
          segments={segments}
          onChanged={() => void queries.invalidateQueries({ queryKey: SEGMENTS_KEY })}
        />
      )}
    </div>
  );
}

function useListSearch(): readonly [ListSearch, (change: ListSearch) => void] {
  const search = useSearch({ from: '/segments' });
  const navigate = useNavigate({ from: '/segments' });
  const change = useCallback(
    (next: ListSearch) =>
      void navigate({ search: (before) => ({ ...before, page: undefined, ...next }), replace: true }),
    [navigate],
  );
  return [search, change];
}

function ListSearchBox() {
  const { list } = useMessages();
  const [{ q = '' }, change] = useListSearch();
  const [typed, setTyped] = useTyped(q, (text) => change({ q: text }));
  const input = useRef<HTMLInputElement>(null);
  useSlashKey(input);
  return (
    <SearchBox
      label={list.search}
      placeholder={list.searchHint}
      value={typed}
      onChange={setTyped}
      inputRef={input}
      keys="/"
    />
  );
}

/** What is typed shows at once, and counts when the typing pauses. */
function useTyped(known: string, tell: (text: string) => void): readonly [string, (text: string) => void] {
  const [typed, setTyped] = useState<string>();
  const latest = useRef(tell);
  latest.current = tell;
  useEffect(() => {
    if (typed === undefined) return;
    const timer = setTimeout(() => {
      latest.current(typed);
      setTyped(undefined);
    }, TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return [typed ?? known, setTyped];
}

function useSlashKey(input: React.RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof HTMLElement && event.target.matches('input, textarea, [contenteditable]');
      if (event.key !== '/' || event.isComposing || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [input]);
}

interface FoundProps {
  readonly segments: readonly Segment[];
  readonly onChanged: () => void;
}

function FoundSegments({ segments, onChanged }: FoundProps) {
  const { collator } = useSpeech();
  const [search, change] = useListSearch();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const problems = useProblems(segments);
  const [columns, setColumns] = useState(readColumns);
  const found = useMemo(
    () => findSegments(segments, search, collator, problems),
    [segments, search, collator, problems],
  );
  const pages = Math.max(1, Math.ceil(found.length / PAGE_SIZE));
  const page = Math.min(search.page ?? 1, pages);
  const from = (page - 1) * PAGE_SIZE;
  const shown = found.slice(from, from + PAGE_SIZE);
  const selected = shown.filter(({ id }) => chosen.has(id));
  const navigate = useNavigate();
  useListKeys({
    onSelect: (id) => setChosen(new Set(chosen.has(id) ? [...chosen].filter((one) => one !== id) : [...chosen, id])),
    onEdit: (id) => void navigate({ to: '/segments/$id/edit', params: { id } }),
    onNew: () => void navigate({ to: '/segments/new' }),
  });
  return (
    <>
      <ListFilters
        segments={segments}
        search={search}
        onChange={change}
        problems={problems}
        columns={columns}
        onColumns={(next) => {
          setColumns(next);
          keepColumns(next);
        }}
      />
      {found.length === 0 ? (
        <NothingFound
          search={search}
          onClear={() => change({ q: undefined, state: undefined, tag: undefined, folder: undefined, runs: undefined })}
        />
      ) : (
        <SegmentsTable
          segments={shown}
          columns={columns}
          problems={problems}
          sort={search.sort}
          onSort={(sort) => change({ sort })}
          chosen={chosen}
          onChoose={setChosen}
        />
      )}
      <div className="list-foot">
        <Suspense fallback={<div />}>
          {selected.length === 0 ? (
            <div />
          ) : (
            <SelectionBar selected={selected} onClear={() => setChosen(new Set())} onChanged={onChanged} />
          )}
        </Suspense>
        <Pager
          from={from}
          shown={shown.length}
          total={found.length}
          page={page}
          pages={pages}
          onPage={(next) => change({ page: next })}
        />
      </div>
    </>
  );
}

function NothingFound({ search, onClear }: { readonly search: ListSearch; readonly onClear: () => void }) {
  const { list } = useMessages();
  return (
    <div className="nothing" role="status">
      <p>{search.q === undefined ? list.nothingHere : list.nothingFound(search.q)}</p>
      <button type="button" className="text-button" onClick={onClear}>
        {list.showAll}
      </button>
    </div>
  );
}

/** Rows that are still on their way: the page keeps its shape. */
function ListSkeleton() {
  const { app } = useMessages();
  return (
    <div className="skeleton" role="status">
      <span className="visually-hidden">{app.loading}</span>
      {[72, 54, 81, 63, 47, 69].map((width) => (
        <span key={width} style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
