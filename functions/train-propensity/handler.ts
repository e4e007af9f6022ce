import { readEnv } from '#shared/lambda/env.ts';
import type { RunKey } from '#shared/propensity/run.ts';
import { env } from './env.ts';
import { trainPorts } from './ports.ts';
import { trainPropensity } from './train-propensity.ts';

const ports = trainPorts(readEnv(env));

export const handler = (key: RunKey) => trainPropensity(key, ports);
