/** Why properties and whole types are left out here. Each reason is one that holds, or the thing must be supported. */

export const REASONS = {
  tags: 'tags are for billing and search in the account',
  protection: 'nothing here is deleted by a deployment',
  backup: 'local state is kept by --data, or not at all',
  encryption: 'data at rest lies in memory or in a folder of its owner',
  permissions: 'permissions are not enforced locally; template tests assert them',
  observability: 'logs are files, and nobody is paged by a laptop',
  capacity: 'local capacity is the machine',
  description: 'only shown in the account',
  signIn: 'nobody signs in here: the local issuer mints the tokens',
  lifecycle: 'local objects are not kept long enough to expire',
  delivery: 'the console is served by the runner itself, from its built files',
  publicAccess: 'the engine listens on this machine only',
} as const;
