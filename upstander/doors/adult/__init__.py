"""An adult takes down what a child said: on the desk, or by a link that is good once."""
