/** What a model's figures mean, and the rules that segments are made of from them. */
export type Bucket = 'low' | 'medium' | 'high';
export const BUCKETS: readonly Bucket[] = ['low', 'medium', 'high'];

/** Below .65 the service flags it. */
export function wordOf(areaUnderCurve: number): 'unreliable' | 'fair' | 'good' | 'strong' {
  if (areaUnderCurve < 0.65) return 'unreliable';
  if (areaUnderCurve < 0.75) return 'fair';
  return areaUnderCurve < 0.9 ? 'good' : 'strong';
}

/** High churn is bad, high conversion is good. */
export function lookOf(type: 'churn' | 'conversion', bucket: Bucket): 'good' | 'bad' | 'warn' {
  if (bucket === 'medium') return 'warn';
  return (type === 'conversion') === (bucket === 'high') ? 'good' : 'bad';
}

export const ruleOfBucket = (id: string, bucket: Bucket): string => `propensity.${id}.bucket = "${bucket}"`;

export const ruleOfRange = (id: string, from: number, to: number): string =>
  `propensity.${id}.score >= ${from} and propensity.${id}.score <= ${to}`;

/** People of a bucket among whose reasons it is. */
export const ruleOfFactor = (id: string, bucket: Bucket, factor: string): string =>
  `${ruleOfBucket(id, bucket)} and (exists f from propensity.${id}.factors where f.name = ${JSON.stringify(factor)})`;

export const peopleBetween = (distribution: readonly number[], from: number, to: number): number =>
  distribution.slice(from, to + 1).reduce((sum, people) => sum + people, 0);

export function medianOf(distribution: readonly number[]): number {
  const half = distribution.reduce((sum, people) => sum + people, 0) / 2;
  let passed = 0;
  return distribution.findIndex((people) => {
    passed += people;
    return passed >= half;
  });
}

/** A name as expressions have them, from one as people write them. */
export function instanceIdOf(name: string, suffix: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '');
  return `${plain === '' ? 'model' : plain}_${suffix}`.slice(0, 50);
}
