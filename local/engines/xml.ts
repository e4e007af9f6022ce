/** Just enough XML for S3's protocol: answers are written, and the few known request bodies are read. */

export type XmlNode = string | number | boolean | readonly XmlElement[];
export type XmlElement = readonly [name: string, content: XmlNode];

export function writeXml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${writeElement(root, ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"')}`;
}

function writeElement([name, content]: XmlElement, attributes = ''): string {
  const inner = Array.isArray(content)
    ? content.map((child) => writeElement(child)).join('')
    : escapeXml(String(content));
  return `<${name}${attributes}>${inner}</${name}>`;
}

/** The texts of all elements of this name, wherever they are. */
export function readXml(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^]*?)</${name}>`, 'g'))].map(([, text = '']) => unescapeXml(text));
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function unescapeXml(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return named[entity] ?? whole;
    const isHex = entity[1] === 'x';
    return String.fromCodePoint(Number.parseInt(entity.slice(isHex ? 2 : 1), isHex ? 16 : 10));
  });
}
