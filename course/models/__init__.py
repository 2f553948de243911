"""The course's models: plain functions on numbers and arrays, one module a model."""
