import { type App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readSettings } from './config.ts';
import { DataStack } from './data-stack.ts';
import { ServiceStack } from './service-stack.ts';

/** The two stacks of the stage that the app's context names, checked against AWS's published practices. */
export function createStacks(app: App): { readonly data: DataStack; readonly service: ServiceStack } {
  const settings = readSettings((name) => app.node.tryGetContext(name));
  const data = new DataStack(app, `shoal-${settings.stage}-data`, { settings });
  const service = new ServiceStack(app, `shoal-${settings.stage}-service`, { settings, data });
  Tags.of(app).add('service', 'shoal');
  Tags.of(app).add('stage', settings.stage);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { data, service };
}
