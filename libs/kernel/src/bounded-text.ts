/** The beginning of a body as text, up to the chunk in which it became longer than `most` bytes: what is longer is nothing that was expected. */
export async function textUpTo(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, most: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > most) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
