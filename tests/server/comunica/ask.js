// Runs the queries of standard input, a JSON list, against the endpoint that is named, and prints their answers as JSON.
import { QueryEngine } from "@comunica/query-sparql";
import { readFileSync } from "node:fs";

const engine = new QueryEngine();
const sources = [{ type: "sparql", value: process.argv[2] }];
const answers = [];
for (const query of JSON.parse(readFileSync(0, "utf8"))) {
  const result = await engine.query(query, { sources });
  if (result.resultType === "bindings") {
    const rows = await (await result.execute()).toArray();
    answers.push(rows.map((row) => Object.fromEntries([...row].map(([name, term]) => [name.value, term.value]))));
  } else if (result.resultType === "quads") {
    const quads = await (await result.execute()).toArray();
    answers.push(quads.map((quad) => [quad.subject.value, quad.predicate.value, quad.object.value]));
  } else {
    answers.push(await result.execute());
  }
}
console.log(JSON.stringify(answers));
