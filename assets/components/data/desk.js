// x
export default () => {};
