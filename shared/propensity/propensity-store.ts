/** Where instances, runs and what they leave are kept, as their users need it. */
import type { PropensityInstance } from './instance.ts';
import type { PropensityRun, RunKey } from './run.ts';

export interface PropensityStore {
  /** Consistent. */
  findInstance(sandboxName: string, id: string): Promise<PropensityInstance | undefined>;
  listInstances(sandboxName: string): Promise<readonly PropensityInstance[]>;
  /** False if it is no longer the one that was read, or if there is one already where `before` is absent. */
  putInstance(before: PropensityInstance | undefined, after: PropensityInstance): Promise<boolean>;
  /** Its runs too, but for the one that takes its scores away. False if it is no longer the one that was read. */
  deleteInstance(before: PropensityInstance, clearing?: PropensityRun): Promise<boolean>;
  findRun(key: RunKey): Promise<PropensityRun | undefined>;
  /** The newest first, so many at most. */
  listRuns(sandboxName: string, instanceId: string, limit: number): Promise<readonly PropensityRun[]>;
  /** The run that was begun last, skipped ones aside. Consistent. */
  latestRun(sandboxName: string, instanceId: string): Promise<PropensityRun | undefined>;
  /** Makes it the latest. False if `latest` no longer is, or the id is taken: of two callers at once one begins. */
  beginRun(run: PropensityRun, latest: PropensityRun | undefined): Promise<boolean>;
  /** A run that was over when it was made, and so never is the latest. False if the id is taken. */
  addEndedRun(run: PropensityRun): Promise<boolean>;
  /** As if it had never been. */
  forgetRun(run: PropensityRun): Promise<void>;
  /** False if it is no longer the one that was read. */
  putRun(before: PropensityRun, after: PropensityRun): Promise<boolean>;
}

/** Objects of runs, by names under `models/`. The same name written again holds the later content. */
export interface PropensityFiles {
  read(name: string): Promise<unknown>;
  put(name: string, content: object): Promise<void>;
}

const folderOf = ({ sandboxName, instanceId, runId }: RunKey) => `${sandboxName}/${instanceId}/${runId}`;

/** What is needed only while a run goes on: the bucket forgets it after a month. */
const PARTS = 'parts/';

/** What a run leaves, each part written once. */
export const runFile = {
  plan: (key: RunKey) => `${folderOf(key)}/plan.json`,
  rows: (key: RunKey, range: number, part: number) => `${PARTS}${folderOf(key)}/rows/${range}-${part}.json`,
  scores: (key: RunKey, range: number, part: number) => `${PARTS}${folderOf(key)}/scores/${range}-${part}.json`,
  model: (key: RunKey) => `${folderOf(key)}/model.json`,
  card: (key: RunKey) => `${folderOf(key)}/card.json`,
  insights: (key: RunKey) => `${folderOf(key)}/insights.json`,
} as const;
