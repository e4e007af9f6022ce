import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { type HttpApi, HttpNoneAuthorizer, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { env as describeApiEnv } from '#functions/describe-api/env.ts';
import { env as governanceApiEnv } from '#functions/governance-api/env.ts';
import { descriptionOperations } from '#shared/api/operations/description.ts';
import { governanceOperations } from '#shared/api/operations/governance.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { addOperations } from './operation-routes.ts';
import { API_TIMEOUT, ServiceFunction } from './service-function.ts';

interface GovernanceProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
  readonly api: HttpApi;
}

const packageFile = join(import.meta.dirname, '../../package.json');

/** What the API says of itself: its description, the caller's permissions, who changed what; and what is no operation. */
export class Governance extends Construct {
  constructor(scope: Construct, id: string, props: GovernanceProps) {
    super(scope, id);
    addOperations(props.api, this.createGovernanceApi(props), governanceOperations);
    const describeApi = this.createDescribeApi(props);
    addOperations(props.api, describeApi, descriptionOperations);
    this.answerTheRest(props.api, describeApi);
  }

  private createGovernanceApi({ settings, data: { control } }: GovernanceProps): ServiceFunction {
    const governanceApi = new ServiceFunction(this, 'GovernanceApi', {
      name: 'governance-api',
      settings,
      env: governanceApiEnv,
      environment: { CONTROL_TABLE: control.table.tableName },
      timeout: API_TIMEOUT,
      memorySize: 512,
    });
    governanceApi.allow(['dynamodb:Query'], control.table.tableArn);
    return governanceApi;
  }

  private createDescribeApi({ settings }: GovernanceProps): ServiceFunction {
    const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
    return new ServiceFunction(this, 'DescribeApi', {
      name: 'describe-api',
      settings,
      env: describeApiEnv,
      environment: { VERSION: version },
      timeout: API_TIMEOUT,
      memorySize: 512,
    });
  }

  /** Without it API Gateway would answer in a shape of its own. */
  private answerTheRest(httpApi: HttpApi, describeApi: ServiceFunction): void {
    const route = new HttpRoute(this, 'Rest', {
      httpApi,
      routeKey: HttpRouteKey.DEFAULT,
      integration: new HttpLambdaIntegration('RestIntegration', describeApi),
      authorizer: new HttpNoneAuthorizer(),
    });
    Validations.of(route).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: 'It answers only that there is nothing at the address.',
    });
  }
}
