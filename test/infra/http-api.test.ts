import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '#shared/api/catalogue.ts';
import { type Operation, routeKeyOf } from '#shared/api/operation.ts';
import { resourcesOf, templatesOf } from './stage.ts';

const cognito = templatesOf();
const oidc = templatesOf({ oidcIssuer: 'https://login.example.com/', oidcAudience: 'shoal,console' });

const allRoutes = resourcesOf(cognito.service, 'AWS::ApiGatewayV2::Route').map(([, route]) => route);
/** What no route takes is answered by one that says so. */
const routes = allRoutes.filter(({ RouteKey }) => RouteKey !== '$default');
const routesOf = (access: Operation['access']) =>
  CATALOGUE.filter((operation) => (operation.access ?? 'token') === access).map(routeKeyOf);

test('every route is an operation of the catalogue, and every operation has its route', () => {
  expect(routes.map(({ RouteKey }) => RouteKey).sort()).toEqual(CATALOGUE.map(routeKeyOf).sort());
});

test('no route answers without a token but those of operations that say so', () => {
  const closed = routes.filter(({ AuthorizationType }) => AuthorizationType === 'JWT');

  expect(closed.map(({ RouteKey }) => RouteKey).sort()).toEqual(routesOf('token').sort());
  for (const { AuthorizerId } of closed) expect(AuthorizerId).toEqual({ Ref: expect.any(String) });
});

/**
 * Clients of the Segment specification know a write key and no token. API Gateway lets everybody through here, and track-api
 * asks for the key itself (docs/decisions/0010-write-keys-are-checked-in-the-function.md).
 */
const ROUTES_BY_WRITE_KEY = ['alias', 'batch', 'group', 'identify', 'import', 'page', 'screen', 'track'].map(
  (call) => `POST /v1/${call}`,
);

test('what is no operation is answered by the function that describes the API', () => {
  expect(allRoutes.length - routes.length).toBe(1);
  expect(JSON.stringify(allRoutes.find(({ RouteKey }) => RouteKey === '$default')?.Target)).toMatch(/Governance/);
});

test('these operations alone answer without a token', () => {
  expect(routesOf('write-key').sort()).toEqual(ROUTES_BY_WRITE_KEY);
  expect(routesOf('public').sort()).toEqual(['GET /data/core/ups/openapi.json', 'GET /openapi.json']);
});

const isByWriteKey = ({ RouteKey }: Readonly<Record<string, unknown>>) =>
  ROUTES_BY_WRITE_KEY.includes(String(RouteKey));

test('routes that ask for a write key lead to the function that checks it, and nowhere else', () => {
  const integrations = new Map(resourcesOf(cognito.service, 'AWS::ApiGatewayV2::Integration'));
  for (const { AuthorizationType, Target } of routes.filter(isByWriteKey)) {
    expect(AuthorizationType).toBe('NONE');
    const target = JSON.stringify(Target).match(/"Ref":"(\w*Integration\w*)"/)?.[1] ?? '';
    expect(JSON.stringify(integrations.get(target)?.IntegrationUri)).toMatch(/TrackingTrackApi/);
  }
});

test('the stage throttles all calls, and those that read much of the table at a lower rate each', () => {
  const [[, stage] = []] = resourcesOf(cognito.service, 'AWS::ApiGatewayV2::Stage');
  const heavy = CATALOGUE.filter(({ isHeavy }) => isHeavy).map(routeKeyOf);
  const most = { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 10 };

  expect(heavy).toContain('POST /data/core/ups/preview');
  expect(stage).toMatchObject({ DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 100 } });
  expect(stage?.RouteSettings).toEqual(Object.fromEntries(heavy.map((key) => [key, most])));
});

test('a stage is made after the routes that it names', () => {
  const resources = cognito.service.toJSON().Resources as Record<string, { Type: string; DependsOn?: string[] }>;
  const stage = Object.values(resources).find(({ Type }) => Type === 'AWS::ApiGatewayV2::Stage');
  const named = resourcesOf(cognito.service, 'AWS::ApiGatewayV2::Route').filter(([, { RouteKey }]) =>
    CATALOGUE.some((operation) => operation.isHeavy && routeKeyOf(operation) === RouteKey),
  );
  expect(stage?.DependsOn).toEqual(expect.arrayContaining(named.map(([id]) => id)));
});

test('functions get payload format 2.0', () => {
  cognito.service.allResourcesProperties('AWS::ApiGatewayV2::Integration', { PayloadFormatVersion: '2.0' });
});

describe('tokens', () => {
  test('are Cognito’s without a configured issuer', () => {
    cognito.service.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: {
        Issuer: { 'Fn::Join': ['', Match.arrayWith(['https://cognito-idp.'])] },
        // The API's own client, then the console's.
        Audience: Match.arrayWith([{ 'Fn::ImportValue': Match.stringLikeRegexp('ApiClient') }]),
      },
    });
  });

  test('are the issuer’s when one is configured, and then there is no pool', () => {
    oidc.service.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      JwtConfiguration: { Issuer: 'https://login.example.com/', Audience: ['shoal', 'console'] },
    });
    oidc.data.resourceCountIs('AWS::Cognito::UserPool', 0);
    expect(oidc.data.toJSON().Outputs).not.toHaveProperty('UserPoolId');
  });
});

test('the pool’s groups are the roles and the sandboxes', () => {
  const { data } = templatesOf({ sandboxes: 'prod,dev' });
  const groups = resourcesOf(data, 'AWS::Cognito::UserPoolGroup').map(([, { GroupName }]) => String(GroupName));

  expect(groups.sort()).toEqual(['admin', 'author', 'operator', 'publisher', 'sandbox:dev', 'sandbox:prod', 'viewer']);
});

test('nobody signs up by himself', () => {
  cognito.data.hasResourceProperties('AWS::Cognito::UserPool', {
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
  });
});

test('the access log holds no query, which names a person', () => {
  const [[, stage]] = resourcesOf(cognito.service, 'AWS::ApiGatewayV2::Stage') as [[string, Record<string, unknown>]];
  const { Format } = stage.AccessLogSettings as { Format: string };

  expect(Format).toContain('$context.requestId');
  expect(Format).not.toMatch(/query|path\b|authorizer|sourceIp/i);
});

test('the outputs are what clients and the local runner look for', () => {
  const outputs = { ...cognito.data.toJSON().Outputs, ...cognito.service.toJSON().Outputs };
  expect(Object.keys(outputs)).toEqual(
    expect.arrayContaining(['ApiUrl', 'EventStreamName', 'BusName', 'UserPoolId', 'UserPoolClientId']),
  );
});

test('a stack keeps well below the 500 resources that CloudFormation takes', () => {
  const { Resources } = cognito.service.toJSON() as { readonly Resources: object };

  expect(Object.keys(Resources).length).toBeLessThan(450);
  // One a function, not one a route.
  const permissions = resourcesOf(cognito.service, 'AWS::Lambda::Permission');
  expect(permissions.length).toBeLessThan(resourcesOf(cognito.service, 'AWS::Lambda::Function').length);
});
