// An array as the last of two or three arguments in a method that is repeated for more: see RepeatForAritiesAttribute.
global using NDArray2 = JaxSharp.NDArray;
global using NDArray3 = JaxSharp.NDArray;
