/**
 * Where the engine's database file lives while it runs, if state is to survive.
 *
 *     DIR/dynamodb.sqlite ──start──▶ working copy in shared memory ──every 30 s, and on stop──▶ DIR/dynamodb.sqlite
 *
 * On a disk the engine waits for the disk at each item; in shared memory it doesn't. A runner that was killed leaves
 * its working copy behind, and the next one goes on with it; a power cut costs what was not yet copied back.
 * Without shared memory, or with too little of it, the file stays in DIR and every write is slow and durable.
 */
import {
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { isRunning } from '../../running-process.ts';

export interface WorkingCopy {
  readonly databaseFile: string;
  /** Copies a consistent state of the running engine's file into DIR. */
  save(): Promise<void>;
  /** After the engine has stopped: brings everything home and tidies up. */
  close(): void;
}

const SHARED_MEMORY = '/dev/shm';
const SPARE_BYTES = 512 * 1024 * 1024;
const TEMPORARY = 'shoal-temporary-';
const MARKER = 'running.json';

interface Marker {
  readonly pid: number;
  readonly databaseFile: string;
}

export function openWorkingCopy(folder: string): WorkingCopy {
  const home = join(folder, 'dynamodb.sqlite');
  const marker = readMarker(folder);
  if (marker && marker.pid !== process.pid && isRunning(marker.pid)) {
    throw new Error(`${folder} is in use by another runner (process ${marker.pid}): stop it or name another folder`);
  }
  const databaseFile = marker && existsSync(marker.databaseFile) ? marker.databaseFile : placeCopy(home);
  writeFileSync(join(folder, MARKER), JSON.stringify({ pid: process.pid, databaseFile } satisfies Marker));
  return {
    databaseFile,
    save: () => (databaseFile === home ? Promise.resolve() : saveRunning(databaseFile, home)),
    close: () => {
      if (databaseFile !== home) bringHome(databaseFile, home);
      rmSync(join(folder, MARKER), { force: true });
    },
  };
}

/** For a run whose state is forgotten: the engine is given a file all the same, for it can be indexed. */
export function openTemporaryCopy(): WorkingCopy {
  const parent = hasRoomInMemory(0) ? SHARED_MEMORY : tmpdir();
  forgetDeadRunners(parent);
  const folder = mkdtempSync(join(parent, `${TEMPORARY}${process.pid}-`));
  return {
    databaseFile: join(folder, 'dynamodb.sqlite'),
    save: () => Promise.resolve(),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function forgetDeadRunners(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = name.startsWith(TEMPORARY) ? Number.parseInt(name.slice(TEMPORARY.length), 10) : Number.NaN;
    if (!Number.isNaN(pid) && pid !== process.pid && !isRunning(pid)) {
      rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
}

function placeCopy(home: string): string {
  if (!hasRoomInMemory(existsSync(home) ? statSync(home).size : 0)) return home;
  const databaseFile = join(mkdtempSync(join(SHARED_MEMORY, 'shoal-')), 'dynamodb.sqlite');
  if (existsSync(home)) copyFileSync(home, databaseFile, constants.COPYFILE_EXCL);
  return databaseFile;
}

function hasRoomInMemory(bytes: number): boolean {
  if (!existsSync(SHARED_MEMORY)) return false;
  const { bavail, bsize } = statfsSync(SHARED_MEMORY);
  return bavail * bsize > 4 * bytes + SPARE_BYTES;
}

async function saveRunning(databaseFile: string, home: string): Promise<void> {
  const source = new DatabaseSync(databaseFile, { readOnly: true });
  try {
    rmSync(`${home}.next`, { force: true });
    await backup(source, `${home}.next`, { rate: 2_000 });
    renameSync(`${home}.next`, home);
  } finally {
    source.close();
  }
}

function bringHome(databaseFile: string, home: string): void {
  copyFileSync(databaseFile, `${home}.next`);
  // An engine that was killed leaves its last writes in the log beside the file.
  if (existsSync(`${databaseFile}-wal`)) copyFileSync(`${databaseFile}-wal`, `${home}-wal`);
  renameSync(`${home}.next`, home);
  rmSync(dirname(databaseFile), { recursive: true, force: true });
}

function readMarker(folder: string): Marker | undefined {
  const file = join(folder, MARKER);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Marker) : undefined;
}
