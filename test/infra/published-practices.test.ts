import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { createApp } from './stage.ts';

const findingsIn = (app: App) => {
  // Exceptions name resources as the other stack exports them, which only synthesis settles.
  app.synth();
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  return violations.map(({ ruleName, violatingResources }) => ({
    ruleName,
    at: violatingResources.map(({ constructPath }) => constructPath),
  }));
};

test.each([
  [{}],
  [{ stage: 'prod', trainingJobs: 'sagemaker' }],
  [{ stage: 'prod', oidcIssuer: 'https://login.example.com/', oidcAudience: 'shoal' }],
])('the stacks of %j follow AWS’s published practices, but for exceptions with their reason', (context) => {
  expect(findingsIn(createApp(context as unknown as Record<string, string>).app)).toEqual([]);
});

test('the check is able to find something', () => {
  const app = new App();
  new Bucket(new Stack(app, 'Careless'), 'Open');

  expect(findingsIn(app).map(({ ruleName }) => ruleName)).toContain('AwsSolutions-S10');
});
