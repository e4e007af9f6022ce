/** Whether there is enough to learn from: counted over some segments of the table, and scaled to all of it. */
import type { checkPropensityData } from '#shared/api/operations/propensity.ts';
import type { PropensityDataCheck } from '#shared/api/propensity.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { checkData } from '#shared/propensity/data-check.ts';
import { type FoundPerson, readPeople } from '#shared/propensity/known-people.ts';
import { lookBackDays } from '#shared/propensity/look-back.ts';
import { cutTable, spread, surveyOf } from '#shared/propensity/survey.ts';
import { checkSpecification } from './check-specification.ts';
import type { PropensityPorts } from './ports.ts';

const DAY_MS = 86_400_000;
const PROFILES_PER_SEGMENT = 500;
/** What can be read while somebody waits. */
const SEGMENTS_MAX = 12;
const TIME_MS = 4_000;

export async function checkAgainstData(
  { sandbox, body }: OperationRequest<typeof checkPropensityData>,
  ports: PropensityPorts,
): Promise<HttpResponse> {
  const compiled = checkSpecification(body, await ports.schemas.extensions(sandbox));
  const now = ports.now();
  const { people, share } = await lookAround(sandbox, now, ports);
  const cutoff = now - body.goal.windowDays * DAY_MS;
  const eligible = people.filter(({ person }) => compiled.isEligible(person, cutoff));
  const occurred = eligible.filter(({ person }) => compiled.hasOutcome(person, cutoff)).length;
  const scaled = (count: number) => Math.round(count / share);
  const { oldestEvent } = surveyOf(people.map(({ person }) => person));
  const check = checkData({
    ...(oldestEvent === undefined ? {} : { oldestEvent }),
    now,
    windowDays: body.goal.windowDays,
    lookbackDays: lookBackDays(body.eligiblePopulation),
    occurred: scaled(occurred),
    notOccurred: scaled(eligible.length - occurred),
  });
  const answer: PropensityDataCheck = {
    ...check,
    findings: [...check.findings],
    isEstimate: share < 1,
    profilesRead: people.length,
  };
  return { status: 200, body: answer };
}

async function lookAround(sandbox: string, now: number, ports: PropensityPorts) {
  const { totalSegments } = await cutTable(sandbox, PROFILES_PER_SEGMENT, ports.segments);
  const instant = { rules: await ports.rules.current(sandbox), now, retentionMs: ports.retentionMs };
  const people: FoundPerson[] = [];
  let read = 0;
  for (const number of spread(SEGMENTS_MAX, totalSegments)) {
    people.push(...(await readPeople(sandbox, { number, of: totalSegments }, ports, instant)).people);
    read++;
    if (ports.now() - now > TIME_MS) break;
  }
  return { people, share: read / totalSegments };
}
