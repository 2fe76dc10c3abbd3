import './style.css';
import { label } from './label.js';

const button = document.querySelector('#more');
let sheep = 0;
button.addEventListener('click', () => {
  sheep += 1;
  button.textContent = label(sheep);
});
