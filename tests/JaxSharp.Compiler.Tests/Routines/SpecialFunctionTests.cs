using System;
using JaxSharp.Compiler.Routines;
using Xunit;

namespace JaxSharp.Compiler.Tests.Routines;

/// <summary>Special functions against values computed with 30 digits.</summary>
public sealed class SpecialFunctionTests
{
    [Theory]
    [InlineData(0.5, 0.25, 0.52049987781304654, 0.47950012218695346, -0.797947316783223, 0.908014491764111)]
    [InlineData(3, 8, 0.98624603225599701, 0.013753967744002985, -0.0177913359864965, 1.65735078465905)]
    [InlineData(30, 25, 0.18210391597745511, 0.81789608402254489, -0.0499548774258349, 0.916681599735657)]
    [InlineData(200, 230, 0.97966885667116377, 0.020331143328836235, -0.00339318167559538, 1.07240104278638)]
    [InlineData(1e-3, 1e-3, 0.99368764670886029, 0.0063123532911397099, -6.29320382490042, 6.33951111861695)]
    [InlineData(12.5, 0.1, 1.6852490757025203e-22, 1.0, -8.20435318352015e-22, 0.0392371579194491)]
    [InlineData(1000, 1000, 0.50420524418021551, 0.49579475581978449, -0.0126167139940696, 1.00016668332381)]
    public void IncompleteGammaFunctions(double a, double x, double lower, double upper, double slope, double sample)
    {
        AssertClose(lower, IncompleteGamma.Lower(a, x));
        AssertClose(upper, IncompleteGamma.Upper(a, x));
        AssertClose(slope, IncompleteGamma.LowerDerivative(a, x));
        AssertClose(sample, IncompleteGamma.SampleDerivative(a, x));
    }

    [Theory]
    [InlineData(0.5, 0.5, 0.3, 0.36901011956554538)]
    [InlineData(2, 3, 0.9, 0.9963)]
    [InlineData(20, 30, 0.35, 0.23856016353438205)]
    [InlineData(150, 80, 0.7, 0.93884033194901867)]
    [InlineData(1e-2, 5, 1e-3, 0.95279588000707724)]
    public void IncompleteBetaFunction(double a, double b, double x, double expected)
    {
        AssertClose(expected, IncompleteBeta.Value(a, b, x));
        AssertClose(1 - expected, IncompleteBeta.Value(b, a, 1 - x));
    }

    // Far below zero there are too many terms to add up one by one.
    [Theory]
    [InlineData(1, -0.5, 8.9348022005446793)]
    [InlineData(2, -2.3, 68.71379252927055)]
    [InlineData(1, -1e15 + 0.5, 9.8696044010893586)]
    [InlineData(2, -1e9 + 0.25, -124.02510672119926)]
    public void PolygammaBelowZero(double n, double x, double expected) =>
        AssertClose(expected, HurwitzZeta.Polygamma(n, x));

    [Theory]
    [InlineData(2, 1, 1.6449340668482264)]
    [InlineData(1.5, 0.25, 10.213055360466601)]
    [InlineData(4, 10.5, 0.00033168103952405904)]
    [InlineData(3, 100, 5.0502499916674999e-5)]
    [InlineData(1.01, 2, 99.577943338496784)]
    [InlineData(30, 0.1, 9.9999999999999833e+29)]
    public void HurwitzZetaFunction(double s, double q, double expected) =>
        AssertClose(expected, HurwitzZeta.Value(s, q));

    [Theory]
    [InlineData(1, 0.3, 12.245364546107731)]
    [InlineData(2, 5.5, -0.039608947521302043)]
    [InlineData(5, 1.5, 11.113548602435496)]
    [InlineData(0.5, 1, double.NaN)]
    [InlineData(-1, 1, double.NaN)]
    public void PolygammaFunctions(double n, double x, double expected) =>
        AssertClose(expected, HurwitzZeta.Polygamma(n, x));

    private static void AssertClose(double expected, double got) =>
        Assert.True(
            expected.Equals(got) || Math.Abs(got - expected) <= 2e-13 * Math.Abs(expected),
            $"{got:R}, expected {expected:R}"
        );
}
