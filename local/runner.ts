/**
 * The whole service on this machine: engines up, template deployed, mappings and schedules running, the API answering.
 *
 *     listen ─▶ engines ─▶ deploy ─▶ mappings, schedules, upkeep ─▶ ready ─▶ … ─▶ stop: drain, engines down, state saved
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROLES } from '#shared/api/operation.ts';
import { Cloud } from './cloud.ts';
import { type ConsoleSite, openConsoleSite } from './console-site.ts';
import { enginePorts } from './engine-ports.ts';
import type { Answer, EngineRequest, EngineResponse, Listener } from './engines/listener.ts';
import { listen } from './engines/listener.ts';
import { type StartedEngines, startEngines, stateFolders } from './engines.ts';
import { Checkpoints } from './event-source/checkpoints.ts';
import { answerApi, isRouted } from './http-api/server.ts';
import { LogFile } from './lambda/log-file.ts';
import { type LocalFile, removeLocalFile, writeLocalFile } from './local-file.ts';
import { LocalIssuer, SANDBOXES, type TokenRequest } from './oidc-issuer.ts';
import { resourceTypes } from './resources/resource-types.ts';
import { readAssembly } from './template/assembly.ts';
import { deploy } from './template/deployment.ts';
import { startUpkeep } from './upkeep.ts';
import { provideWriteKey } from './write-key.ts';

export interface RunnerSettings {
  readonly port: number;
  readonly assemblyFolder: string;
  /** The console's built files; without them the service has no console. */
  readonly consoleFolder?: string | undefined;
  /** Where local.json, logs and the issuer's key are. */
  readonly homeFolder: string;
  readonly dataFolder: string | undefined;
  readonly clockOffsetMs: number;
  /** Something went wrong that goes on being retried. */
  onProblem(line: string): void;
  /** An engine is gone, and the service with it. */
  onFatal(reason: string): void;
}

export interface Runner {
  readonly local: LocalFile;
  stop(): Promise<void>;
}

const DRAIN_MS_MAX = 1_500;

export async function startRunner(settings: RunnerSettings): Promise<Runner> {
  mkdirSync(settings.homeFolder, { recursive: true });
  const door: { answer: Answer } = { answer: notReady };
  const listener = await listenForApi(settings.port, (request) => door.answer(request));
  const issuer = LocalIssuer.open(join(settings.homeFolder, 'issuer-key.json'));
  const folders = stateFolders(settings.dataFolder);
  const holder: { cloud?: Cloud } = {};
  const calling: { cloud?: Cloud } = {};
  const engines = await startEngines(folders, localAnswers(holder, issuer), enginePorts(calling));
  const runnerLog = new LogFile(join(settings.homeFolder, 'logs', 'runner.log'));
  const cloud = new Cloud({
    engines,
    checkpoints: new Checkpoints(folders.root && join(folders.root, 'checkpoints.json')),
    streamFolder: folders.streams,
    logFolder: join(settings.homeFolder, 'logs'),
    clockOffsetMs: settings.clockOffsetMs,
    apiUrl: listener.url,
    onError: (place, error) => {
      runnerLog.write('ERROR', { place, error: error instanceof Error ? error.stack : String(error) });
      settings.onProblem(`${place}: ${error instanceof Error ? error.message : error}`);
    },
  });
  calling.cloud = cloud;
  engines.dynamoDb.onExit(settings.onFatal);
  const running = { cloud, engines, listener, runnerLog, homeFolder: settings.homeFolder };
  try {
    await deployAssembly(cloud, settings.assemblyFolder);
    holder.cloud = cloud;
    const writeKey = await provideWriteKey(cloud, join(settings.homeFolder, 'write-key'), SANDBOXES[0]);
    const { consoleFolder } = settings;
    const consoleUrl = consoleFolder === undefined ? null : `${listener.url}/`;
    const local = { ...(await describe(cloud, await issuer)), consoleUrl, writeKey };
    const site = consoleFolder === undefined ? undefined : openConsoleSite(consoleFolder, local.token, SANDBOXES);
    door.answer = await apiAnswer(cloud, issuer, site);
    const stopUpkeep = startAll(cloud);
    writeLocalFile(settings.homeFolder, local);
    return { local, stop: () => stop(running, stopUpkeep) };
  } catch (error) {
    await stop(running, () => {});
    throw error;
  }
}

async function listenForApi(port: number, answer: Answer): Promise<Listener> {
  try {
    return await listen(answer, port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const reason = code === 'EADDRINUSE' ? 'is taken by another program' : 'needs more rights than this user has';
    throw new Error(`port ${port} ${reason}: name another with --port, or 0 for any free one`, { cause: error });
  }
}

function notReady(): EngineResponse {
  return { status: 503, headers: { 'content-type': 'application/json' }, body: '{"message":"Service Unavailable"}' };
}

async function deployAssembly(cloud: Cloud, folder: string): Promise<void> {
  const assembly = readAssembly(folder);
  for (const [key, path] of assembly.assets) cloud.assets.set(key, path);
  const { secrets } = cloud.surroundings.engines;
  await deploy(assembly, resourceTypes(cloud), (idOrArn) => secrets.find(idOrArn).value);
}

function startAll(cloud: Cloud): () => void {
  for (const mapping of cloud.mappings) {
    mapping.start();
    mapping.target.warm();
  }
  for (const schedule of cloud.schedules) schedule.start();
  const { scheduler, stateMachines } = cloud.surroundings.engines;
  stateMachines.resume();
  scheduler.start();
  return startUpkeep(cloud);
}

/** As behind the CDN: the API and the console share one address, so that neither needs to allow the other's origin. */
async function apiAnswer(
  { apis }: Cloud,
  issuer: Promise<LocalIssuer>,
  site: ConsoleSite | undefined,
): Promise<Answer> {
  const [declared] = apis.values();
  const verifier = await issuer;
  if (declared === undefined) return notReady;
  const api = { ...declared, stage: '$default' };
  return (request) => (isRouted(api, request) ? undefined : site?.(request)) ?? answerApi(api, verifier, request);
}

function localAnswers(holder: { readonly cloud?: Cloud }, issuer: Promise<LocalIssuer>) {
  return new Map<string, (rest: string, request: EngineRequest) => unknown>([
    ['GET buses', (bus) => holder.cloud?.surroundings.engines.buses.recent(bus)],
    [
      'GET progress',
      () => ({ isIdle: holder.cloud?.mappings.every((mapping) => mapping.isIdle) ?? false, now: Date.now() }),
    ],
    ['GET jwks', async () => (await issuer).keys],
    [
      'POST token',
      async (_, { body }) => {
        const wanted = body.length > 0 ? (JSON.parse(body.toString('utf8')) as Partial<TokenRequest>) : {};
        return { token: holder.cloud && (await mint(holder.cloud, await issuer, wanted)) };
      },
    ],
  ]);
}

async function mint(cloud: Cloud, issuer: LocalIssuer, wanted: Partial<TokenRequest>): Promise<string> {
  const [authorizer] = cloud.authorizers.values();
  const { issuer: name, audience } = authorizer ?? { issuer: 'local', audience: ['local'] };
  const request = { subject: 'local', sandboxes: SANDBOXES, roles: ROLES, ...wanted };
  return issuer.mint(request, name, audience[0] ?? 'local');
}

async function describe(cloud: Cloud, issuer: LocalIssuer): Promise<Omit<LocalFile, 'writeKey' | 'consoleUrl'>> {
  const { engines, apiUrl } = cloud.surroundings;
  const { url, dynamoDb, streams, buses } = engines;
  return {
    apiUrl,
    token: await mint(cloud, issuer, {}),
    stream: streams.list()[0]?.settings.name ?? '',
    sandbox: SANDBOXES[0],
    endpoints: {
      kinesis: url,
      dynamodb: dynamoDb.endpoint,
      dynamodbStreams: dynamoDb.streamsEndpoint,
      stepfunctions: url,
      scheduler: url,
      sqs: url,
      s3: url,
      secretsManager: url,
      eventBridge: url,
      busEvents: `${url}/_local/buses/${buses.names()[0] ?? 'default'}`,
      progress: `${url}/_local/progress`,
      token: `${url}/_local/token`,
      jwks: `${url}/_local/jwks`,
    },
    pid: process.pid,
  };
}

interface Running {
  readonly cloud: Cloud;
  readonly engines: StartedEngines;
  readonly listener: Listener;
  readonly runnerLog: LogFile;
  readonly homeFolder: string;
}

async function stop(
  { cloud, engines, listener, runnerLog, homeFolder }: Running,
  stopUpkeep: () => void,
): Promise<void> {
  stopUpkeep();
  for (const schedule of cloud.schedules) schedule.stop();
  engines.scheduler.stop();
  await engines.stateMachines.halt();
  for (const mapping of cloud.mappings) mapping.stop();
  // A sweeper loops for a minute by design, so only what a stream waits for is waited for.
  const drained = Promise.all(cloud.mappings.map((mapping) => mapping.target.drain()));
  await Promise.race([drained, new Promise((resolve) => setTimeout(resolve, DRAIN_MS_MAX))]);
  await Promise.all([...new Set(cloud.functions.values())].map((lambda) => lambda.stop()));
  const saveCheckpoints = cloud.surroundings.checkpoints.prepareSave();
  await Promise.all([listener.close(), engines.listener.close(), ...cloud.streamLogs.map((log) => log.close())]);
  await engines.dynamoDb.stop();
  saveCheckpoints();
  engines.queues.save();
  removeLocalFile(homeFolder);
  await runnerLog.close();
}
