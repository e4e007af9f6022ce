/** `/search/…`: audiences by namespace, folder and words, in the shape that clients of the original read. */
import * as z from 'zod';

export const SEARCH_LIMIT_MAX = 100;

const status = z.strictObject({ message: z.string() });
const name = z.string().min(1).max(255);
/** The second is what clients of the original name here: the class of what is searched. */
const schemaName = z.enum(['_xdm.context.profile', '_xdm.context.segmentdefinition']).optional();
/** Words that all must stand somewhere, and the operators of Lucene's query syntax; `*` for everything. */
const words = z.string().max(500).default('*');

export const searchNamespaces = z.strictObject({ 'schema.name': schemaName, s: words });

export const namespaceList = z.strictObject({
  namespaces: z.array(z.strictObject({ namespace: z.string(), displayName: z.string(), count: z.number().int() })),
  totalCount: z.number().int(),
  status,
});
export type NamespaceList = z.output<typeof namespaceList>;

export const searchEntities = z.strictObject({
  schemaClass: schemaName,
  'schema.name': schemaName,
  namespace: name.optional(),
  s: words,
  /** Of a folder: what lies directly in it. */
  entityId: z.string().min(1).max(600).optional(),
  limit: z.coerce.number().int().min(1).max(SEARCH_LIMIT_MAX).default(50),
  page: z.coerce.number().int().min(0).max(100_000).default(0),
});
export type SearchEntities = z.output<typeof searchEntities>;

export const entityList = z.strictObject({
  entities: z.array(
    z.strictObject({
      id: z.string(),
      base64EncodedSourceId: z.string(),
      sourceId: z.strictObject({ id: z.string(), namespace: z.string() }),
      isFolder: z.boolean(),
      parentFolderId: z.string().optional(),
      name: z.string(),
      description: z.string().optional(),
    }),
  ),
  page: z.strictObject({
    totalCount: z.number().int(),
    totalPages: z.number().int(),
    pageOffset: z.number().int(),
    pageSize: z.number().int(),
  }),
  status,
});
export type EntityList = z.output<typeof entityList>;

export const readTaxonomy = z.strictObject({
  'schema.name': schemaName,
  namespace: name.optional(),
  /** Of an audience or a folder: itself and the folders around it. Without it: every folder and tag. */
  entityId: z.string().min(1).max(600).optional(),
});

export const taxonomy = z.strictObject({
  /** The outermost folder first. */
  taxonomy: z.array(
    z.strictObject({
      id: z.string(),
      base64EncodedSourceId: z.string(),
      name: z.string(),
      parentFolderId: z.string().optional(),
    }),
  ),
  /** With how many audiences have each. */
  tags: z.array(z.strictObject({ tag: z.string(), count: z.number().int() })),
  status,
});
export type Taxonomy = z.output<typeof taxonomy>;
