// @ts-check
import path from 'node:path';
import { ROOT } from './paths.mjs';
import { importProblem } from './zones.mjs';

/** ESLint's view of `zones.mjs`: every way to name another module, judged by the one table. */
export const zonesPlugin = {
  rules: {
    imports: {
      meta: { type: /** @type {const} */ ('problem'), schema: [] },
      /** @param {import('eslint').Rule.RuleContext} context */
      create(context) {
        const file = path.relative(ROOT, context.filename).replaceAll(path.sep, '/');

        /**
         * @param {any} node
         * @param {unknown} specifier
         * @param {readonly string[]} names
         */
        function judge(node, specifier, names) {
          if (typeof specifier !== 'string') return;
          const problem = importProblem({ file, specifier, names });
          if (problem !== undefined) context.report({ node, message: problem });
        }

        return {
          /** @param {any} node */
          ImportDeclaration: (node) => judge(node, node.source.value, node.specifiers.map(importedName)),
          /** @param {any} node */
          ExportNamedDeclaration: (node) =>
            judge(
              node,
              node.source?.value,
              node.specifiers.map((/** @type {any} */ each) => each.local.name),
            ),
          /** @param {any} node */
          ExportAllDeclaration: (node) => judge(node, node.source.value, ['*']),
          /** @param {any} node */
          ImportExpression: (node) => judge(node, node.source.value, ['*']),
          /** @param {any} node */
          TSImportType: (node) => judge(node, node.source?.value ?? node.argument?.literal?.value, []),
          /** @param {any} node */
          "CallExpression[callee.name='require']": (node) => judge(node, node.arguments[0]?.value, ['*']),
        };
      },
    },
  },
};

/** @param {any} specifier */
function importedName(specifier) {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  return specifier.imported.name ?? specifier.imported.value;
}
