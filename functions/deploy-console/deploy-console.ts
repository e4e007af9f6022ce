/** Puts the console's files where the CDN reads them. Older files stay: a page that is open still asks for them. */
export interface SiteFile {
  readonly path: string;
  readonly type: string;
  readonly cacheControl: string;
  /** Base64. */
  readonly content: string;
}

export interface SitePorts {
  readBundle(bucket: string, key: string): Promise<readonly SiteFile[]>;
  put(file: SiteFile): Promise<void>;
  removeAll(): Promise<void>;
}

export interface SiteChange {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResourceProperties: { readonly BundleBucket: string; readonly BundleKey: string; readonly Config: string };
}

/** The page that names the other files: it comes last, so that what it names is there. */
const isPage = ({ path }: SiteFile) => path === 'index.html';

export async function deployConsole({ RequestType, ResourceProperties }: SiteChange, ports: SitePorts): Promise<void> {
  if (RequestType === 'Delete') return ports.removeAll();
  const { BundleBucket, BundleKey, Config } = ResourceProperties;
  const files = await ports.readBundle(BundleBucket, BundleKey);
  const config: SiteFile = {
    path: 'config.json',
    type: 'application/json',
    cacheControl: 'no-cache',
    content: Buffer.from(Config).toString('base64'),
  };
  for (const file of [...files.filter((each) => !isPage(each)), config, ...files.filter(isPage)]) await ports.put(file);
}
