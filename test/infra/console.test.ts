/** What stands between the internet and the console, and what the console is told. */
import { expect, test } from 'vitest';
import { resourcesOf, templatesOf } from './stage.ts';

const { service } = templatesOf();
const only = (type: string) => {
  const [first, ...rest] = resourcesOf(service, type);
  expect(rest).toEqual([]);
  if (first === undefined) throw new Error(`there is no ${type}`);
  return first[1];
};

test('the pages come with headers that keep strangers out', () => {
  const { SecurityHeadersConfig } = only('AWS::CloudFront::ResponseHeadersPolicy').ResponseHeadersPolicyConfig;

  const policy = JSON.stringify(SecurityHeadersConfig.ContentSecurityPolicy);
  for (const part of ["default-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"]) {
    expect(policy).toContain(part);
  }
  expect(policy).not.toContain("script-src 'unsafe");
  expect(SecurityHeadersConfig.FrameOptions.FrameOption).toBe('DENY');
  expect(SecurityHeadersConfig.StrictTransportSecurity.AccessControlMaxAgeSec).toBe(31_536_000);
});

test('the API answers under the same address, and is never cached', () => {
  const { CacheBehaviors } = only('AWS::CloudFront::Distribution').DistributionConfig;

  expect(CacheBehaviors).toHaveLength(1);
  expect(CacheBehaviors[0]).toMatchObject({
    PathPattern: '/data/*',
    ViewerProtocolPolicy: 'https-only',
    // The managed policy CachingDisabled.
    CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
  });
});

test('an address is the page, whatever it ends in, and a file is a file', () => {
  const { FunctionCode } = only('AWS::CloudFront::Function');
  const served = (uri: string) => new Function(`${FunctionCode}; return handler;`)()({ request: { uri } }).uri;

  for (const uri of ['/', '/segments', '/profiles/Email/mira@example.com', '/profiles/CRMID/4.2']) {
    expect(served(uri)).toBe('/index.html');
  }
  for (const uri of ['/assets/main-1a2b.js', '/config.json', '/favicon.ico']) expect(served(uri)).toBe(uri);
});

test('the API takes the tokens that the console gets', () => {
  const [[client] = []] = resourcesOf(service, 'AWS::Cognito::UserPoolClient');
  const { JwtConfiguration } = only('AWS::ApiGatewayV2::Authorizer');

  expect(JwtConfiguration.Audience).toContainEqual({ Ref: client });
});

test('the console signs in by code and PKCE, without a secret', () => {
  const { GenerateSecret, AllowedOAuthFlows } = only('AWS::Cognito::UserPoolClient');

  expect(GenerateSecret).toBe(false);
  expect(AllowedOAuthFlows).toEqual(['code']);
  expect(JSON.stringify(only('Custom::ConsoleFiles').Config)).toContain('oidc');
});
