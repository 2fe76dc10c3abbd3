/** @type {import('next').NextConfig} */
module.exports = {
  output: 'standalone',
  // every replica answers for the chunks of the others
  generateBuildId: () => 'recipes',
};
