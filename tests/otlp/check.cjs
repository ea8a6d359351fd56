// Reads an ExportTraceServiceRequest in OTLP's JSON from standard input, as a receiver would, with the messages OpenTelemetry generates from its own
// .proto files. Exits with 0 and prints the spans' names when every field is known, of its type, and survives the way through the binary form.
"use strict";
const { isDeepStrictEqual } = require("node:util");
const path = require("node:path");
const packages = path.join(__dirname, "..", "..", "artifacts", "otlp", "node_modules");
const root = require(path.join(packages, "@opentelemetry/otlp-proto-exporter-base/build/src/generated/root.js"));
const Request = root.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;

// The one way in which OTLP's JSON differs from protobuf's: ids are hexadecimal, not base64.
const ids = (from, to) => (key, value) => {
  if (!["traceId", "spanId", "parentSpanId"].includes(key)) return value;
  const bytes = Buffer.from(value, from);
  if (bytes.toString(from) !== value) throw new Error(`${key} is not ${from}: ${value}`);
  if (from === "hex" && bytes.length !== (key === "traceId" ? 16 : 8)) throw new Error(`${key} has ${bytes.length} bytes`);
  return bytes.toString(to);
};

const sent = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const plain = JSON.parse(JSON.stringify(sent), ids("hex", "base64"));
const message = Request.fromObject(plain);
const wrong = Request.verify(message);
if (wrong) throw new Error(wrong);
const shown = Request.toObject(Request.decode(Request.encode(message).finish()), { longs: String, bytes: String, enums: Number });
const back = JSON.parse(JSON.stringify(shown), ids("base64", "hex"));

// What a receiver does not know, or reads otherwise, is missing or different here. Empty lists are nothing on the way.
const trimmed = (value) => Array.isArray(value) ? value.map(trimmed)
  : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).filter(([, v]) => !(Array.isArray(v) && v.length === 0)).map(([k, v]) => [k, trimmed(v)]))
  : value;
if (!isDeepStrictEqual(trimmed(sent), trimmed(back))) {
  throw new Error(`read otherwise than sent:\n${JSON.stringify(trimmed(sent))}\n${JSON.stringify(trimmed(back))}`);
}
for (const span of sent.resourceSpans.flatMap((r) => r.scopeSpans).flatMap((s) => s.spans)) console.log(span.name);
