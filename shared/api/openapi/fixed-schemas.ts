import type { JsonSchema } from './json-schema.ts';

const text = { type: 'string' };
const integer = { type: 'integer' };

const diagnostic = {
  type: 'object',
  properties: {
    code: { type: 'string', pattern: '^PQL\\d{4}$' },
    severity: { type: 'string', enum: ['error', 'warning'] },
    message: text,
    hint: text,
    start: integer,
    end: integer,
    line: integer,
    column: integer,
  },
  required: ['code', 'severity', 'message', 'start', 'end', 'line', 'column'],
};

/** What errors look like, whatever the operation. */
export const FIXED_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  Problem: {
    type: 'object',
    description: 'RFC 9457, with the `errors` map and the `requestId` that clients of the original read.',
    properties: {
      type: { type: 'string', pattern: '^urn:shoal:problem:' },
      title: text,
      status: integer,
      detail: text,
      requestId: text,
      errors: {
        type: 'object',
        description: 'By status.',
        additionalProperties: {
          type: 'array',
          items: { type: 'object', properties: { code: text, message: text }, required: ['code', 'message'] },
        },
      },
      mistakes: {
        type: 'array',
        description: 'Where the request is wrong: a JSON pointer into the body, or ? and the name of a parameter.',
        items: { type: 'object', properties: { pointer: text, message: text }, required: ['pointer', 'message'] },
      },
      diagnostics: { type: 'array', description: 'What is wrong with an expression, and where.', items: diagnostic },
    },
    required: ['type', 'title', 'status', 'detail', 'requestId', 'errors'],
  },
  GatewayMessage: {
    type: 'object',
    description: 'The answer of API Gateway itself, which no function saw.',
    properties: { message: text },
    required: ['message'],
  },
};
