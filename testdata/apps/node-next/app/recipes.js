export const recipes = [
  { name: 'Omelette', needs: ['eggs', 'butter'] },
  { name: 'Pancakes', needs: ['eggs', 'flour', 'milk'] },
  { name: 'Porridge', needs: ['oats', 'milk'] },
];
