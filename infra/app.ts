import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readSettings } from './config.ts';
import { DataStack } from './data-stack.ts';
import { ServiceStack } from './service-stack.ts';

const app = new App();
const settings = readSettings((name) => app.node.tryGetContext(name));

const data = new DataStack(app, `shoal-${settings.stage}-data`, { settings });
new ServiceStack(app, `shoal-${settings.stage}-service`, { settings, data });

Tags.of(app).add('service', 'shoal');
Tags.of(app).add('stage', settings.stage);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

app.synth();
