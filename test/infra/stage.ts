/** The templates of a stage, synthesized in memory; functions are not bundled, since no assertion reads their code. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createStacks } from '#infra/stacks.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };

/** A folder each. */
export const functionNames = readdirSync(join(import.meta.dirname, '../../functions')).sort();

export type Context = Readonly<Record<string, string>>;

export function createApp(context: Context = {}) {
  const app = new App({ context: { ...cdkJson.context, 'aws:cdk:bundling-stacks': [], ...context } });
  return { app, ...createStacks(app) };
}

export function templatesOf(context: Context = {}) {
  const { data, service } = createApp(context);
  return { data: Template.fromStack(data), service: Template.fromStack(service) };
}

/** What CloudFormation says of a property is read by the test that names it. */
// biome-ignore lint/suspicious/noExplicitAny: a template is JSON of a hundred shapes, and each assertion checks its own.
type Properties = Readonly<Record<string, any>>;

interface Resource {
  readonly Type: string;
  readonly Properties: Properties;
}

export function resourcesOf(template: Template, type: string): (readonly [string, Properties])[] {
  const resources = template.toJSON().Resources as Record<string, Resource>;
  return Object.entries(resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => [id, resource.Properties] as const);
}
