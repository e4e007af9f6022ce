/** Every command of `shoal`, in the order of its help. */
import { catalogueCommands } from './commands/catalogue.ts';
import { completion } from './commands/completion.ts';
import { dataCommands } from './commands/data.ts';
import { jobCommands } from './commands/jobs.ts';
import { fileCommands } from './commands/people-files.ts';
import { historyCommands } from './commands/segment-history.ts';
import { peopleCommands } from './commands/segment-people.ts';
import { segmentCommands } from './commands/segments.ts';
import { serviceCommands } from './commands/service.ts';
import type { Command } from './shell.ts';

const declared: readonly Command[] = [
  ...segmentCommands,
  ...peopleCommands,
  ...historyCommands,
  ...jobCommands,
  ...catalogueCommands,
  ...fileCommands,
  ...dataCommands,
  ...serviceCommands,
];

export const COMMANDS: readonly Command[] = [...declared, completion(declared)];
