"""Pure arithmetic of the house: plain values in, plain values out; time is an argument."""
