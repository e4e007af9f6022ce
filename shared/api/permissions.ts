/** What the caller may do, so that a user interface need not offer what would be refused. */
import * as z from 'zod';
import { ROLES } from './operation.ts';

export const callerPermissions = z.strictObject({
  /** Of the token. */
  subject: z.string(),
  sandboxName: z.string(),
  /** All that the token opens. */
  sandboxes: z.array(z.string()),
  roles: z.array(z.enum(ROLES)),
  /** Ids of the operations that the token may call here. */
  operations: z.array(z.string()),
});
export type CallerPermissions = z.output<typeof callerPermissions>;
