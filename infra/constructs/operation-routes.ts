import { Validations } from 'aws-cdk-lib';
import { type HttpApi, HttpMethod, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { fullPathOf, type Operation } from '#shared/api/operation.ts';
import type { ServiceFunction } from './service-function.ts';

const OPEN = {
  'write-key': 'Clients of the Segment specification authenticate with a write key, which the function checks.',
  public: 'What it answers is the same for everybody and public with the source.',
} as const;

/** The routes of operations to the function that answers them. Only those that say so answer without a token. */
export function addOperations(api: HttpApi, target: ServiceFunction, operations: readonly Operation[]): void {
  // A permission for each route would fill the stack: CloudFormation takes 500 resources.
  const integration = new HttpLambdaIntegration(`${target.name}Integration`, target, { scopePermissionToRoute: false });
  for (const operation of operations) {
    const { access = 'token' } = operation;
    const route = { path: fullPathOf(operation), methods: [HttpMethod[operation.method]], integration };
    if (access === 'token') api.addRoutes(route);
    else acknowledgeOpen(api.addRoutes({ ...route, authorizer: new HttpNoneAuthorizer() }), OPEN[access]);
  }
}

function acknowledgeOpen(routes: ReturnType<HttpApi['addRoutes']>, reason: string): void {
  for (const route of routes) Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason });
}
