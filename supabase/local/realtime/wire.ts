/** How the two versions of the protocol write the messages of Phoenix channels. */

/** One message, either way. `joinRef` names the joining that it belongs to, `ref` the question that it answers. */
export interface Frame {
  joinRef: string | null;
  ref: string | null;
  topic: string;
  event: string;
  payload: unknown;
}

/** What is said to all who joined a topic. */
export interface Broadcast {
  topic: string;
  event: string;
  /** JSON. */
  payload: string;
  /** The message's id, when it comes from the database. */
  id?: string;
}

export interface Wire {
  /** @throws when it is no frame */
  decode(data: string | ArrayBuffer): Frame;
  encode(frame: Frame): string;
  encodeBroadcast(broadcast: Broadcast): string | Uint8Array<ArrayBuffer>;
}

/** By the parameter `vsn` of the request; without one it is the first. */
export const wires: ReadonlyMap<string, Wire> = new Map([
  ["1.0.0", objects()],
  ["2.0.0", arrays()],
]);

function objects(): Wire {
  const encode = ({ ref, topic, event, payload }: Frame) =>
    JSON.stringify({ ref, topic, event, payload });
  return {
    decode(data) {
      const { join_ref = null, ref = null, topic, event, payload } = JSON.parse(textOf(data));
      return { joinRef: join_ref, ref, topic, event, payload };
    },
    encode,
    encodeBroadcast({ topic, event, payload, id }) {
      const said = { type: "broadcast", event, payload: JSON.parse(payload), ...meta(id) };
      return encode({ joinRef: null, ref: null, topic, event: "broadcast", payload: said });
    },
  };
}

function arrays(): Wire {
  return {
    decode(data) {
      if (typeof data !== "string") return decodePush(data);
      const [joinRef, ref, topic, event, payload] = JSON.parse(data);
      return { joinRef, ref, topic, event, payload };
    },
    encode: ({ joinRef, ref, topic, event, payload }) =>
      JSON.stringify([joinRef, ref, topic, event, payload]),
    encodeBroadcast,
  };
}

const binary = { push: 3, broadcast: 4 };
const jsonEncoding = 1;

/** Kind, five lengths, encoding; then the five texts and the payload. */
function decodePush(data: ArrayBuffer): Frame {
  const [kind, ...lengths] = new Uint8Array(data, 0, 6);
  const [encoding] = new Uint8Array(data, 6, 1);
  if (kind !== binary.push || encoding !== jsonEncoding) throw new Error("No push of JSON");
  let at = 7;
  const take = (length: number) => decode(data.slice(at, at += length));
  const [joinRef, ref, topic = "", event] = lengths.map(take);
  const payload = { type: "broadcast", event, payload: JSON.parse(decode(data.slice(at))) };
  return { joinRef: joinRef || null, ref: ref || null, topic, event: "broadcast", payload };
}

/** Kind, three lengths, encoding; then the three texts and the payload. */
function encodeBroadcast({ topic, event, payload, id }: Broadcast): Uint8Array<ArrayBuffer> {
  const texts = [topic, event, id ? JSON.stringify({ id }) : ""].map(encode);
  const head = Uint8Array.of(binary.broadcast, ...texts.map((text) => text.length), jsonEncoding);
  return joined([head, ...texts, encode(payload)]);
}

function joined(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: ArrayBuffer) => new TextDecoder().decode(bytes);
const meta = (id?: string) => id ? { meta: { id } } : {};

function textOf(data: string | ArrayBuffer): string {
  if (typeof data === "string") return data;
  throw new Error("Version 1.0.0 of the protocol has no binary frames");
}
